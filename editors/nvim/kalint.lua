-- kalint in Neovim 0.7 and newer: put this into init.lua, or beside it as plugin/kalint.lua.
local group = vim.api.nvim_create_augroup("kalint", {})

vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
  group = group,
  pattern = { "keepalived.conf", "*/keepalived/*.conf", "keepalived*.conf.j2" },
  callback = function()
    if vim.bo.filetype ~= "keepalived" then -- more than one pattern may match
      vim.bo.filetype = "keepalived"
    end
  end,
})

vim.api.nvim_create_autocmd("FileType", {
  group = group,
  pattern = "keepalived",
  callback = function(event)
    local root = vim.fs and vim.fs.dirname(vim.fs.find({ "kalint.toml", ".git" }, { upward = true })[1])
    local config = {
      name = "kalint",
      cmd = { "kalint", "lsp" },
      root_dir = root or vim.fn.getcwd(),
      init_options = {}, -- such as { keepalivedVersion = "2.2.7" }
    }
    if vim.lsp.start then
      vim.lsp.start(config)
    else -- 0.7
      vim.lsp.buf_attach_client(event.buf, vim.lsp.start_client(config))
    end
  end,
})
