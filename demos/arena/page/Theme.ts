/** The colours of the field: those of the style sheet, light or dark as the page is. */
export interface Theme {
  readonly field: string
  readonly grid: string
  readonly ink: string
  readonly muted: string
  readonly gem: string
  readonly gemEdge: string
  readonly accent: string
  /** The lightness and strength of ships, of `oklch`. */
  readonly ship: string
  readonly shipEdge: string
}

/** Reads the colours, and again whenever they change. */
export function followTheme(use: (theme: Theme) => void): void {
  const read = (): void => {
    const style = getComputedStyle(document.documentElement)
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
    use({
      field: colour('field'),
      grid: colour('grid'),
      ink: colour('ink'),
      muted: colour('muted'),
      gem: colour('gem'),
      gemEdge: colour('gem-edge'),
      accent: colour('accent'),
      ship: colour('ship'),
      shipEdge: colour('ship-edge'),
    })
  }
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', read)
  read()
}
