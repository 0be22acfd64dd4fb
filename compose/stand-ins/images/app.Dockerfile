# The application as its own Dockerfile makes it; Node.js and the packages are in the image below.
FROM oms-stand-in/debian
COPY src /app/src
COPY package.json /app/
WORKDIR /app
ENTRYPOINT ["node", "src/main.js"]
