#!/usr/bin/env bash
# Installs what the action runs, from its own lockfile: every package is checked against the hash that stands there, and no
# package's own script is run. A release carries the built command; at any other commit it is built here.
set -euo pipefail
cd "$(dirname "$0")/../.."
quiet=(--ignore-scripts --no-audit --no-fund --loglevel=error)
if [ -f dist/action.js ]; then
  [ -d node_modules ] || npm ci --omit=dev "${quiet[@]}"
else
  npm ci "${quiet[@]}"
  npm run --silent build
fi
