/** Where in the handler an error was thrown: the first place outside the folder of the library, if there is one. */
export function placeOf({ stack = '' }: Error): string {
  const [own = ''] = placesOf(new Error('here').stack)
  const folder = /^.*\/(?:src|dist)\/|^.*[/\\]/.exec(own)?.[0] ?? ''
  const places = placesOf(stack)
  const place = places.find((each) => !each.startsWith(folder)) ?? places[1]
  return place === undefined ? '' : `, at ${place}`
}

/** The files, lines and columns in a stack, from the innermost one on. */
function placesOf(stack: string = ''): readonly string[] {
  const line = /^.*?((?:file:\/\/|https?:\/\/|\/|[a-z]:\\)[^\s()]+:\d+:\d+)\)?$/gim
  return [...stack.matchAll(line)].map(([, place = '']) => place)
}
