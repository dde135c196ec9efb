"""A fleet to measure: clusters of two nodes each, every node with a file that includes four more, and a kalint.toml."""

from __future__ import annotations

import os

MAIN = """\
global_defs {{
    router_id {node}
    enable_script_security
    script_user root
}}

include conf.d/*.conf

vrrp_instance VI_{number} {{
    state BACKUP
    interface eth0
    virtual_router_id {vrid}
    priority {priority}
    advert_int 1
    authentication {{
        auth_type PASS
        auth_pass k{number:05}
    }}
    virtual_ipaddress {{
        10.{high}.{low}.100/24
    }}
    track_script {{
        check_haproxy
        check_gateway
    }}
    track_interface {{
        eth1 weight -20
    }}
}}
"""
CHECKS = """\
vrrp_script check_{name} {{
    script "/usr/local/bin/check-{name} --quiet"
    interval 2
    timeout 1
    rise 2
    fall 3
    weight {weight}
}}
"""
SERVERS = """\
virtual_server 10.{high}.{low}.100 {port} {{
    delay_loop 6
    lb_algo rr
    lb_kind NAT
    protocol TCP
    real_server 10.{high}.{low}.11 {port} {{
        weight 1
        TCP_CHECK {{
            connect_timeout 3
        }}
    }}
    real_server 10.{high}.{low}.12 {port} {{
        weight 1
        TCP_CHECK {{
            connect_timeout 3
        }}
    }}
}}
"""
CLUSTER = """\
[clusters.{name}.nodes.{name}-a]
file = "{name}/a/keepalived.conf"
addresses = {{ eth0 = "10.{high}.{low}.1" }}
[clusters.{name}.nodes.{name}-b]
file = "{name}/b/keepalived.conf"
addresses = {{ eth0 = "10.{high}.{low}.2" }}

"""


def write_fleet(folder: str, clusters: int, settings: bool = True) -> list[str]:
    """Write ten files a cluster, and the settings beside them; returns the nodes' main files."""
    told = []
    mains = []
    for number in range(clusters):
        name, (high, low) = f"web{number:04}", divmod(number, 250)
        place = {"high": high + 1, "low": low}
        told.append(CLUSTER.format(name=name, **place))
        for node, priority in (("a", 150), ("b", 140)):
            files = {
                "keepalived.conf": MAIN.format(
                    node=f"{name}-{node}", number=number, vrid=number % 255 + 1, priority=priority, **place
                ),
                "conf.d/haproxy.conf": CHECKS.format(name="haproxy", weight=-30),
                "conf.d/gateway.conf": CHECKS.format(name="gateway", weight=5),
                "conf.d/web.conf": SERVERS.format(port=80, **place),
                "conf.d/tls.conf": SERVERS.format(port=443, **place),
            }
            for file, content in files.items():
                path = os.path.join(folder, name, node, file)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as stream:
                    stream.write(content)
            mains.append(os.path.join(folder, name, node, "keepalived.conf"))
    if settings:
        with open(os.path.join(folder, "kalint.toml"), "w", encoding="utf-8") as stream:
            stream.write("".join(told))
    return mains
