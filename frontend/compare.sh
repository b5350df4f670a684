#!/bin/sh
# Rebuilds the browser bundles, compares them with those kept in git, and tests the sources.
set -eu
cd "$(dirname "$0")"
command -v node >/dev/null || { echo "Node 20 is needed to compare the browser bundle with its sources"; exit 2; }
[ -d node_modules/bpmn-js ] && [ -d node_modules/signature_pad ] && [ -d node_modules/diagram-js-minimap ] || npm ci --no-audit --no-fund --silent
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT
for bundle in diagram signature modeler; do cp -r "../webapp/static/$bundle" "$kept/$bundle"; done
npm run --silent build
for bundle in diagram signature modeler; do
  diff -r "$kept/$bundle" "../webapp/static/$bundle" >/dev/null && continue
  for one in diagram signature modeler; do cp -r "$kept/$one/." "../webapp/static/$one"; done
  echo "webapp/static/$bundle differs from frontend/: run make frontend and commit the result"; exit 1
done
node --test tests >"$kept/tests" 2>&1 || { cat "$kept/tests"; echo "the tests of frontend/ failed"; exit 1; }
echo "browser bundle: as its sources, which pass their tests"
