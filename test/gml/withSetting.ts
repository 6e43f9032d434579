import { type GmlSettings, gml_setting } from '../../src/gml/settings.ts'

/** Runs something while one setting has another value. */
export function withSetting<Name extends keyof GmlSettings>(
  name: Name,
  value: GmlSettings[Name],
  run: () => void,
): void {
  const before = gml_setting(name, value)
  try {
    run()
  } finally {
    gml_setting(name, before)
  }
}
