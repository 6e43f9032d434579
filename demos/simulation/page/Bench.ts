// One player's part of the page: the picture, and what its line is like.
import { type PresetName, presets } from 'bitecs-networking/simulation'
import { element, inputElement } from '../../arena/page/element.ts'
import { type LabPlayer, type LineSliders } from './LabPlayer.ts'
import { type LineType } from './openLine.ts'

const sliders = ['latency', 'jitter', 'loss'] as const
type Slider = (typeof sliders)[number]

/** Shows a number as the slider's label has it. */
const show: Readonly<Record<Slider, (value: number) => string>> = {
  latency: (value) => `${value} ms`,
  jitter: (value) => `${value} ms`,
  loss: (value) => `${value} %`,
}

/** What of the page sets the line of one player. */
export class Bench {
  readonly #id: string
  readonly #player: LabPlayer

  constructor(id: string, player: LabPlayer) {
    this.#id = id
    this.#player = player
    const preset = this.#select('preset')
    preset.addEventListener('change', () => this.#choose(preset.value))
    for (const slider of sliders)
      this.#input(slider).addEventListener('input', () => {
        preset.value = 'own'
        this.#showSliders()
        player.setConditions(this.#sliders())
      })
    const socket = this.#select('socket')
    socket.addEventListener('change', () => (player.type = socket.value as LineType))
    const cut = this.#input('cut')
    cut.addEventListener('change', () => (player.isCut = cut.checked))
    this.#choose(preset.value)
  }

  #choose(name: string): void {
    if (!Object.hasOwn(presets, name)) return this.#player.setConditions(this.#sliders())
    const { latencyMs = 0, jitterMs = 0, loss = 0 } = presets[name as PresetName]
    this.#input('latency').value = String(latencyMs)
    this.#input('jitter').value = String(jitterMs)
    this.#input('loss').value = String(loss * 100)
    this.#showSliders()
    this.#player.setConditions(name as PresetName)
  }

  #sliders(): LineSliders {
    const [latencyMs, jitterMs, percent] = sliders.map(
      (slider) => this.#input(slider).valueAsNumber,
    )
    return { latencyMs: latencyMs!, jitterMs: jitterMs!, loss: percent! / 100 }
  }

  #showSliders(): void {
    for (const slider of sliders)
      element(`${this.#id}-${slider}-value`).textContent = show[slider](
        this.#input(slider).valueAsNumber,
      )
  }

  #input(name: string): HTMLInputElement {
    return inputElement(`${this.#id}-${name}`)
  }

  #select(name: string): HTMLSelectElement {
    return element(`${this.#id}-${name}`) as HTMLSelectElement
  }
}
