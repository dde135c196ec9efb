"""Which parts of commands, addresses and headers are secret, and which only look so."""

from __future__ import annotations

import time

import pytest

from kalint.findings.commands import spans
from kalint.findings.secrets import Secrets


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('misc_path "/usr/bin/mysql -uroot -pS3cret -e x"', "S3cret"),
        ("script \"/c --rabbitmq-pass='S3cret' --node='a:1'\"", "S3cret"),
        ('script "/c --password S3cret -v"', "S3cret"),
        ('script "MYSQL_PWD=S3cret mysql"', "S3cret"),
        ('script "curl -su admin:S3cret http://h/"', "S3cret"),
        ("script \"curl -H 'Authorization: Basic S3cret' h\"", "Basic S3cret"),
        ("path /?a=b&token=S3cret&c=d", "S3cret"),
        ('script "/c --key S3<&>cr|et -v"', "S3<&>cr|et"),
        ('script "/c --key=S3;&&cret -v"', "S3;&&cret"),
        ('script "redis-cli -a S3<&>cret ping"', "S3<&>cret"),
        ('script "/c --key S3cret; /d"', "S3cret"),
        ("path http://u:S3@cret@h/", "S3@cret"),
        ("snmp_socket tcp:u:S3cret@h:705", "u:S3cret"),
        ('script "redis-cli -a S3cret ping"', "S3cret"),
        ('notify "/bin/n --pass-phrase=S3cret"', "S3cret"),
        ('notify "/bin/n --kennwort S3cret"', "S3cret"),
        ('notify "curl https://h.example.com/services/T0/T0k3nT0k3nT0k3nT0k3n"', "T0k3nT0k3nT0k3nT0k3n"),
        ('notify "curl https://h/bot1234:T0k3nT0k3nT0k3nT0k3n/send"', "T0k3nT0k3nT0k3nT0k3n"),
        ('notify "openssl enc -k S3cret"', "S3cret"),
        ('notify "vault login S3cret"', "S3cret"),
        ('notify "htpasswd -cb /etc/f user S3cret"', "S3cret"),
        ("notify \"echo 'S3cret' | sudo -S reboot\"", "S3cret"),
        ('notify "printf S3cret | /usr/bin/docker login --password-stdin"', "S3cret"),
        ("notify \"expect -c 'send S3cret'\"", "S3cret"),
        ('notify "mosquitto_pub -u u -P secret -t x"', "secret"),
        ('notify "fence_ipmilan -a h -l u -p secret"', "secret"),
        ('notify "nsupdate -y hmac-sha256:name:S3cret"', "S3cret"),
        ('notify "lftp -u user,S3cret h"', "S3cret"),
        ('notify "plink -pw S3cret h"', "S3cret"),
    ],
)
def test_a_secret_is_found(text: str, secret: str) -> None:
    """What is around it stays."""
    found = {text[start:end] for start, end in spans(text)}
    assert max(found, key=len) == secret
    assert all(each in secret for each in found)


@pytest.mark.parametrize(
    "text",
    [
        'script "/usr/bin/nc -z -p 80 -w 1 h"',
        'script "/usr/bin/dig @10.2.1.105 -p 53 +time=3"',
        'script "/usr/bin/curl -k -u quentin https://localhost:8443/healthz"',
        'script "/usr/bin/pgrep -P 1 haproxy"',
        'script "/usr/bin/check --key /etc/ssl/k.pem --pass 3"',
        'script "/usr/bin/check --password-file=/etc/p"',
        'script "/sbin/iptables -p tcp --dport 80"',
        'script "/usr/bin/find / -print0 -path x -perm 600"',
        'script "PWD=/tmp bypass=1 /bin/c"',
        "10.0.0.9/24 dev eth0 label eth0:1",
        "2001:db8::1/64 dev eth0",
        "chk weight -20",
        "ssh://git@h/x",
        'script "/usr/bin/curl https://h.example.com/health/of/service-1?wait=30"',
        'script "/usr/bin/curl http://10.0.0.1:8080/v1/agent/check/pass/service:web-1"',
        'script "/bin/echo 1 | /usr/bin/nc h 80"',
        'script "/usr/bin/openssl s_client -connect h:443"',
        'script "/usr/bin/dig @10.2.1.105 -t a example.com"',
        'script "/usr/bin/vault status"',
    ],
)
def test_what_only_looks_like_a_secret_is_shown(text: str) -> None:
    """Ports, files, protocols, users, addresses."""
    assert list(spans(text)) == []


NEWER = ("http://a0/", "http://a0=", "echo x", "echo |", "htpasswd -b", "vault login -", "k0 is a", "-bb", "| sudo -a")


@pytest.mark.parametrize(
    "part", ["passpass-", "token:", "authpas", "://a", "-p/", "a=", ":", "'-p", "key-", "mysql ", *NEWER]
)
def test_a_long_line_takes_time_in_proportion(part: str) -> None:
    """One word of 60,000 characters took minutes."""
    line = part * (60_000 // len(part))
    start = time.process_time()
    Secrets({"a.conf": [line]}).lines("a.conf")
    assert time.process_time() - start < 3  # 0.3 s at most
