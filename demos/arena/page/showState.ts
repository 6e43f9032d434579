import { element } from './element.ts'

/** What the page is at: style sheet and tests read it from the body's `data-state`. */
export type PageState = 'connecting' | 'naming' | 'playing' | 'lost' | 'refused'

/** Shows a state, and says it in words. While all is well only screen readers hear them, unless they are important. */
export function showState(state: PageState, words: string, areImportant = false): void {
  document.body.dataset['state'] = state
  const status = element('status')
  status.textContent = words
  status.classList.toggle('important', areImportant)
}
