// Builds the documentation as a static site: the documents, and a reference made of the doc comments.
//
//   node docs/site/build.mjs                     into build/site/
//   node docs/site/build.mjs --serve             and serves it, until it is stopped
//   node docs/site/build.mjs --out FOLDER        into another folder
//   node docs/site/build.mjs --base /path/       for a place below a host
//   node docs/site/build.mjs --documents FOLDER  of a copy of the documents, without a reference
//
// Exits with 1, and prints what to mend, when a document is not in the menu, when the menu names one that is not there, or
// when a link, an anchor or a picture leads nowhere. Nothing is left in the folder then.
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, serve } from 'vitepress'
import { buildReference } from './buildReference.mjs'

const own = fileURLToPath(new URL('.', import.meta.url))
const root = join(own, '..', '..')
const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    base: { type: 'string', default: '/' },
    serve: { type: 'boolean', default: false },
    documents: { type: 'string' },
  },
})
const documents = values.documents === undefined ? root : resolve(values.documents)
const out = values.out === undefined ? join(documents, 'build', 'site') : resolve(values.out)
process.env.SITE_DOCUMENTS = documents
process.env.SITE_BASE = values.base

// VitePress would put a link to Vue into the node_modules of the working directory's package.
process.chdir(own)

try {
  if (values.documents === undefined) await buildReference(root)
  await build(own, { outDir: out, base: values.base })
  console.log(`The site is in ${out}`)
  if (values.serve) await serve({ root: own, base: values.base })
} catch (error) {
  console.error(error.message)
  rmSync(out, { recursive: true, force: true })
  process.exitCode = 1
}
