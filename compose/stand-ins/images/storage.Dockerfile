# The event hub's stand-in and Azurite, which serve one at a time: which is the command's choice.
FROM oms-stand-in/debian
COPY node azurite /usr/local/bin/
COPY app /stand-ins
WORKDIR /stand-ins
CMD ["node", "src/event-hub.js"]
