#!/bin/sh
# Rebuilds the browser bundle and compares it with the one kept in git.
set -eu
cd "$(dirname "$0")"
command -v node >/dev/null || { echo "Node 20 is needed to compare the browser bundle with its sources"; exit 2; }
[ -d node_modules/bpmn-js ] || npm ci --no-audit --no-fund --silent
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT
cp -r ../webapp/static/diagram/. "$kept"
npm run --silent build
if diff -r "$kept" ../webapp/static/diagram >/dev/null; then
  echo "browser bundle: as its sources"
else
  cp -r "$kept"/. ../webapp/static/diagram
  echo "webapp/static/diagram differs from frontend/: run make frontend and commit the result"; exit 1
fi
