/* Bundles the browser sources into webapp/static, which is kept in git so that running needs no Node. */
import { build } from 'esbuild';

await build({
  entryPoints: { viewer: 'viewer.js' },
  outdir: '../webapp/static/diagram',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  legalComments: 'eof',
  loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty' },
});

await build({
  entryPoints: { pad: 'signature.js' },
  outdir: '../webapp/static/signature',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  legalComments: 'eof',
});

await build({
  entryPoints: { modeler: 'modeler/modeler.js' },
  outdir: '../webapp/static/modeler',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  legalComments: 'eof',
  loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty', '.eot': 'empty', '.svg': 'empty' },
  assetNames: '[name]',
});
