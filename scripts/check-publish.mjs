// Refuses to publish a package without a repository. Its README links to documents that are in the package, but the page
// of the package on npm looks for what README links to, and for its pictures, in the repository.
import { readFileSync } from 'node:fs'

const { repository } = JSON.parse(readFileSync('package.json', 'utf8'))
if (repository === undefined) {
  console.error('package.json needs "repository": without it README has dead links on npm')
  process.exit(1)
}
