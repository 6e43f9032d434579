/** First in, first out. Not by `shift`, which of a long array moves all the others. */
export class Fifo<Item> {
  #items: Item[] = []
  /** How many of `#items` were taken. */
  #taken = 0

  get count(): number {
    return this.#items.length - this.#taken
  }

  /** What is taken next; `undefined` if there is nothing. */
  get first(): Item | undefined {
    return this.#items[this.#taken]
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  /** `undefined` if there is nothing. */
  takeFirst(): Item | undefined {
    const { first } = this
    if (this.count > 0) this.#taken++
    if (this.#taken * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#taken)
      this.#taken = 0
    }
    return first
  }

  clear(): void {
    this.#items = []
    this.#taken = 0
  }
}
