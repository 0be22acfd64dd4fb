# MariaDB from Debian, started as the official MySQL image is.
FROM oms-stand-in/debian
COPY mysql-entrypoint.sh /usr/local/bin/
RUN groupmod -g 999 mysql && usermod -u 999 -g 999 mysql && mkdir -p /docker-entrypoint-initdb.d && \
    rm -rf /var/lib/mysql/* && chown -R 999:999 /var/lib/mysql
ENTRYPOINT ["mysql-entrypoint.sh"]
