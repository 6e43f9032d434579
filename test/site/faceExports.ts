import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One exported name, read from the source without the help of a compiler. */
export interface FaceExport {
  readonly name: string
  /** Its doc comment as it stands; empty if it has none. */
  readonly comment: string
}

/** What a face exports, which only re-exports. */
export function exportsOf(face: string): FaceExport[] {
  const text = readFileSync(face, 'utf8')
  const inFile = (path: string): string => readFileSync(join(dirname(face), path), 'utf8')
  const named = [...text.matchAll(/^export \{([^}]*)\} from '([^']+)'/gm)].flatMap(
    ([, names = '', path = '']) =>
      names
        .split(',')
        .map((name) => name.replace('type ', '').trim())
        .filter((name) => name !== '')
        .map((name) => ({ name, comment: commentOf(inFile(path), name) })),
  )
  const starred = [...text.matchAll(/^export \* from '([^']+)'/gm)].flatMap(([, path = '']) => {
    const source = inFile(path)
    return [...source.matchAll(/^export const (\w+)/gm)].map(([, name = '']) => ({
      name,
      comment: commentOf(source, name),
    }))
  })
  return [...named, ...starred]
}

/** What stands right in front of a declaration. */
function commentOf(source: string, name: string): string {
  const declaration = new RegExp(
    `^export (?:async function|function|const|let|interface|type|class) ${name}\\b`,
    'm',
  )
  const before = source.slice(0, declaration.exec(source)?.index ?? 0).trimEnd()
  return before.endsWith('*/') ? before.slice(before.lastIndexOf('/**')) : ''
}

/** The letters and digits of a text: what is left of it however it is set. */
export function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** The description of a doc comment, without its tags, and without what Markdown takes for marks of its own. */
export function descriptionOf(comment: string): string {
  const lines = comment.slice(3, -2).replaceAll(/^\s*\* ?/gm, '')
  const text = lines.split(/^@\w/m)[0]!
  return text.replaceAll(/\{@link (\w+)\}/g, '$1').replaceAll(/^(?:```\w*|[1-9]\. )/gm, '')
}
