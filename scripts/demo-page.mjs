// Bundles the page of a demo: a user's program, so it gets the package as package.json offers it to browsers.
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Puts the page of a folder into another. The package must have been built. */
export async function buildDemoPage(folder, outdir) {
  mkdirSync(outdir, { recursive: true })
  for (const file of ['index.html', 'style.css'])
    copyFileSync(join(folder, file), join(outdir, file))
  await build({
    entryPoints: [join(folder, 'page.ts')],
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    logLevel: 'warning',
    // Not the paths of tsconfig.json, which are for the type checker.
    tsconfigRaw: {},
  })
}
