# The event hub's stand-in and Azurite, which serve one at a time: which is the command's choice.
FROM oms-stand-in/debian
COPY node /usr/local/bin/node
COPY app /stand-ins
RUN mkdir /data && chown 10001:10001 /data && \
    printf '#!/bin/sh\nexec node /stand-ins/node_modules/azurite/dist/src/azurite.js "$@"\n' >/usr/local/bin/azurite && \
    chmod +x /usr/local/bin/azurite
WORKDIR /stand-ins
CMD ["node", "src/event-hub.js"]
