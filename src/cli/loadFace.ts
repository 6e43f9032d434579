import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** A face of the package as a file finds it: worlds of another copy of it would have no network. */
export async function loadFace<Face>(
  file: URL,
  name: string,
  own: () => Promise<Face>,
): Promise<Face> {
  let path: string | undefined
  try {
    path = createRequire(file).resolve(`bitecs-networking/${name}`)
  } catch {
    return own()
  }
  return (await import(pathToFileURL(path).href)) as Face
}
