;;; kalint-test.el --- what a user does in Emacs  -*- lexical-binding: t; -*-
;; The file that $KALINT_CONFIG names, checked by flymake alone or by eglot ($KALINT_WAY); prints what is found.

(require 'flymake)

(defun kalint-test-found ()
  "What flymake has: line, column and text of each diagnostic."
  (mapcar (lambda (each)
            (save-excursion
              (goto-char (flymake-diagnostic-beg each))
              (list (line-number-at-pos) (current-column) (flymake-diagnostic-text each))))
          (flymake-diagnostics)))

(defun kalint-test-wait (holds)
  "Wait until HOLDS is so, 120 seconds at most."
  (let ((end (+ (float-time) 120)))
    (while (and (not (funcall holds)) (< (float-time) end))
      (accept-process-output nil 0.1))))

(setq eglot-sync-connect 120 eglot-connect-timeout 120 eglot-autoshutdown nil)
(find-file (getenv "KALINT_CONFIG"))
(princ (format "mode %s\n" major-mode))
(if (equal (getenv "KALINT_WAY") "flymake")
    (progn (kalint-flymake-setup) (flymake-start))
  ;; What eglot-ensure of the recipe does after a command, of which there is none in a batch.
  (run-hooks 'post-command-hook)
  (flymake-start))
(kalint-test-wait #'flymake-diagnostics)
(dolist (each (kalint-test-found))
  (princ (format "found %d:%d %s\n" (nth 0 each) (nth 1 each) (car (split-string (nth 2 each) "\n")))))
;;; kalint-test.el ends here
