# MariaDB from Debian, started as the official MySQL image is.
FROM oms-stand-in/debian
COPY mysql-entrypoint.sh /usr/local/bin/
ENTRYPOINT ["mysql-entrypoint.sh"]
