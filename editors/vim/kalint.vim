" kalint in Vim: put this into ~/.vim/compiler/kalint.vim; then :compiler kalint, :make, :cnext.
if exists("current_compiler")
  finish
endif
let current_compiler = "kalint"

CompilerSet makeprg=kalint\ check\ %:S
CompilerSet errorformat=%f:%l:%c:\ %trror:\ %m
CompilerSet errorformat+=%f:%l:%c:\ %tarning:\ %m
CompilerSet errorformat+=%f:%l:%c:\ %tnfo:\ %m
CompilerSet errorformat+=%-G%.%#
