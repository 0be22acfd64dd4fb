# The application as its own Dockerfile makes it, with Node.js as PyPI carries it.
FROM oms-stand-in/debian
COPY node /usr/local/bin/node
COPY app /app
WORKDIR /app
ENTRYPOINT ["node", "src/main.js"]
