"""Templates of Jinja2 rendered with variables, as Ansible's template module does, in a process with limits of its own.

Only a file for which variables are given pays for this package, and for jinja2.
"""
