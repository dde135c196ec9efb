"""The grammar of keepalived.conf, which kalint.syntax.compile turns into tables."""
