;;; kalint.el --- kalint for keepalived.conf  -*- lexical-binding: t; -*-

;; Emacs 29 and newer have eglot; for 26 to 28 it is in GNU ELPA.  (load "/path/to/kalint.el") in your init file gives
;; the language server to whoever has eglot; M-x kalint-flymake-setup is for flymake alone, without the server.

(define-derived-mode keepalived-mode prog-mode "Keepalived"
  "A mode for keepalived.conf."
  (setq-local comment-start "# ")
  (setq-local comment-start-skip "[#!]+[ \t]*"))
(modify-syntax-entry ?# "<" keepalived-mode-syntax-table)
(modify-syntax-entry ?! "<" keepalived-mode-syntax-table)
(modify-syntax-entry ?\n ">" keepalived-mode-syntax-table)
(modify-syntax-entry ?_ "_" keepalived-mode-syntax-table)
(add-to-list 'auto-mode-alist '("/keepalived[^/]*\\.conf\\(\\.j2\\)?\\'" . keepalived-mode))
(add-to-list 'auto-mode-alist '("/keepalived/.*\\.conf\\'" . keepalived-mode))

;; The language server: findings, hovers, completion, renaming.
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(keepalived-mode . ("kalint" "lsp"))))
(when (require 'eglot nil t)
  (add-hook 'keepalived-mode-hook #'eglot-ensure))

;; Without it: the findings alone, by flymake.
(defvar-local kalint--process nil "The check of this buffer that runs.")

(defun kalint-flymake (report &rest _)
  "Check the buffer with kalint and call REPORT with what it finds."
  (when (process-live-p kalint--process)
    (kill-process kalint--process))
  (let ((source (current-buffer)))
    (setq kalint--process
          (make-process
           :name "kalint" :noquery t :connection-type 'pipe
           :buffer (generate-new-buffer " *kalint*")
           :command (list "kalint" "check" "-" "--stdin-filename" (or buffer-file-name (buffer-name)) "--quiet")
           :sentinel
           (lambda (process _event)
             (when (memq (process-status process) '(exit signal))
               (when (and (buffer-live-p source) (eq process (buffer-local-value 'kalint--process source)))
                 (funcall report (kalint--findings (process-buffer process) source)))
               (kill-buffer (process-buffer process))))))
    (process-send-region kalint--process (point-min) (point-max))
    (process-send-eof kalint--process)))

(defun kalint--findings (output source)
  "The diagnostics of SOURCE in the OUTPUT of a check."
  (let (found)
    (with-current-buffer output
      (goto-char (point-min))
      (while (re-search-forward "^\\(.+\\):\\([0-9]+\\):\\([0-9]+\\): \\(error\\|warning\\|info\\): \\(.*\\)$" nil t)
        (let* ((file (match-string 1))
               (line (string-to-number (match-string 2)))
               (column (string-to-number (match-string 3)))
               (type (cdr (assoc (match-string 4) '(("error" . :error) ("warning" . :warning) ("info" . :note)))))
               (text (match-string 5))
               (name (or (buffer-file-name source) (buffer-name source))))
          (when (equal file name)
            (with-current-buffer source
              (let ((region (flymake-diag-region source line column)))
                (push (flymake-make-diagnostic source (car region) (cdr region) type text) found)))))))
    found))

(defun kalint-flymake-setup ()
  "Check this buffer with kalint while it changes."
  (interactive)
  (add-hook 'flymake-diagnostic-functions #'kalint-flymake nil t)
  (flymake-mode 1))

(provide 'kalint)
;;; kalint.el ends here
