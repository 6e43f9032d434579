/** The element with this id, which the page has. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found
}

/** The input with this id, which the page has. */
export function inputElement(id: string): HTMLInputElement {
  return element(id) as HTMLInputElement
}
