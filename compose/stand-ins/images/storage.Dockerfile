# The event hub's stand-in and Azurite, which serve one at a time: which is the command's choice.
FROM oms-stand-in/debian
COPY azurite /usr/local/bin/
COPY src /stand-ins/src
COPY package.json /stand-ins/
WORKDIR /stand-ins
CMD ["node", "src/event-hub.js"]
