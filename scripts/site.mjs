// Builds the documentation as a static site: the documents, and an API reference made of the doc comments.
//
//   node scripts/site.mjs                     into build/site/
//   node scripts/site.mjs --out FOLDER        into another folder
//   node scripts/site.mjs --documents FOLDER  reads README.md, docs/ and the others from a copy of them
//
// Ends with 1, and says what to mend, when a document is in no section of the table of contents, when the table names one
// that is not there, or when a link, an anchor or a picture leads nowhere.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildSite } from './site/buildSite.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: { out: { type: 'string' }, documents: { type: 'string' } },
})
const out = values.out ?? join(root, 'build', 'site')
const { pages, problems } = buildSite({ root, documents: values.documents ?? root, out })

if (problems.length > 0) {
  for (const problem of problems) console.error(problem)
  console.error(`${problems.length} to mend; nothing is written`)
  process.exit(1)
}
console.log(`${pages} pages in ${out}`)
