-- What a user does in Neovim, and what there is to see; written as JSON to the file that $KALINT_RESULT names.
local result = {}

local function attached()
  return #vim.lsp.buf_get_clients(0) > 0
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 120000) or {}
  for _, answer in pairs(answers) do
    return answer.result
  end
end

local function position(line, character)
  return { textDocument = vim.lsp.util.make_text_document_params(), position = { line = line, character = character } }
end

vim.wait(120000, function()
  return attached() and #vim.diagnostic.get(0) > 0
end, 50)
result.filetype = vim.bo.filetype
result.found = {}
for _, each in ipairs(vim.diagnostic.get(0)) do
  table.insert(result.found, { each.code, each.lnum, each.col, each.end_col })
end
result.hover = ask("textDocument/hover", position(7, 6)).contents.value

local at = vim.lsp.util.make_range_params()
at.range = { start = { line = 5, character = 4 }, ["end"] = { line = 5, character = 4 } }
at.context = { diagnostics = {} }
for _, action in ipairs(ask("textDocument/codeAction", at)) do
  if action.title:find("(KA002)", 1, true) then
    vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
  end
end
result.mended = vim.api.nvim_buf_get_lines(0, 5, 6, false)[1]

vim.wait(120000, function()
  for _, each in ipairs(vim.diagnostic.get(0)) do
    if each.code == "KA002" then
      return false
    end
  end
  return true
end, 50)
result.left = {}
for _, each in ipairs(vim.diagnostic.get(0)) do
  table.insert(result.left, each.code)
end

local rename = position(12, 9)
rename.newName = "chk_web"
vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", rename), "utf-16")
result.renamed = { vim.api.nvim_buf_get_lines(0, 0, 1, false)[1], vim.api.nvim_buf_get_lines(0, 12, 13, false)[1] }

local file = io.open(os.getenv("KALINT_RESULT"), "w")
file:write(vim.fn.json_encode(result))
file:close()
vim.cmd("qall!")
