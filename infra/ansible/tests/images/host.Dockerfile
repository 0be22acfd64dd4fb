# A bare Debian server as a machine room gives it, but for the packages of the roles, which are there already to spare the
# download. From the stand-ins' Debian, without what makes it one. An empty machine-id keeps systemd from taking the start for
# the first one, which would enable everything; nothing here has a clock or a link to wait for.
FROM oms-stand-in/debian
RUN apt-get purge -y -q 'mariadb-*' 'nginx*' && apt-get autoremove -y -q --purge \
    && rm -rf /var/lib/mysql /etc/mysql /etc/nginx /app /stand-ins /usr/local/bin/node /usr/local/bin/traefik \
    && apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        systemd systemd-sysv dbus openssh-server python3 python3-apt iproute2 ca-certificates \
        chrony curl gnupg nftables sudo unattended-upgrades docker.io iptables \
    && rm -rf /var/cache/apt/archives/*.deb /usr/share/doc /usr/share/locale /etc/ssh/ssh_host_* && : >/etc/machine-id \
    && systemctl disable docker.service docker.socket containerd.service nftables.service chrony.service \
    && systemctl mask chrony-wait.service systemd-networkd-wait-online.service
STOPSIGNAL SIGRTMIN+3
CMD ["/sbin/init"]
