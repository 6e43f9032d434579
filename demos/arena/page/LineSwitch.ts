// The switch for the line of the page's own socket: as it is, or bad on purpose.
import { type PresetName, presets } from 'bitecs-networking/simulation'
import { element } from './element.ts'

/** A select of presets. `?line=` in the address chooses one too. */
export class LineSwitch {
  readonly #select = element('line') as HTMLSelectElement

  constructor(choose: (name: PresetName) => void) {
    const select = this.#select
    // Who has clicked goes on with the keys of the game; who has used the keys may go on choosing.
    let isByPointer = false
    select.addEventListener('pointerdown', () => (isByPointer = true))
    select.addEventListener('keydown', () => (isByPointer = false))
    select.addEventListener('change', () => {
      choose(this.name)
      if (isByPointer) element('field').focus({ preventScroll: true })
    })
    const wanted = new URLSearchParams(window.location.search).get('line') ?? ''
    if (isPreset(wanted)) select.value = wanted
  }

  get name(): PresetName {
    const { value } = this.#select
    return isPreset(value) ? value : 'perfect'
  }
}

function isPreset(name: string): name is PresetName {
  return Object.hasOwn(presets, name)
}
