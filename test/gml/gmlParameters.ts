import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ts } from 'ts-morph'

/** A parameter of a function, as its declaration in the source has it. */
export interface GmlParameter {
  readonly name: string
  /** Whether it may be left out. */
  readonly isOptional: boolean
  /** Whether a number is expected, as GameMaker code passes one. */
  readonly isNumber: boolean
  /** Whether its type names `number`, `boolean` or `bigint` itself. */
  readonly isPlain: boolean
}

const plainKinds: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.NumberKeyword,
  ts.SyntaxKind.BooleanKeyword,
  ts.SyntaxKind.BigIntKeyword,
])

/** What the source of the gml face declares: the parameters of each exported function, of overloads one list each. */
export function gmlParameters(): Map<string, GmlParameter[][]> {
  const folder = join('src', 'gml')
  const found = new Map<string, GmlParameter[][]>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const text = readFileSync(join(folder, file), 'utf8')
    for (const node of ts.createSourceFile(file, text, ts.ScriptTarget.ES2022).statements) {
      if (!ts.isFunctionDeclaration(node) || !isExported(node)) continue
      const name = node.name?.text ?? ''
      found.set(name, [...(found.get(name) ?? []), node.parameters.map((one) => read(node, one))])
    }
  }
  return found
}

function isExported(node: ts.FunctionDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false
}

function read(owner: ts.FunctionDeclaration, node: ts.ParameterDeclaration): GmlParameter {
  const named = node.type === undefined ? [] : namesIn(node.type)
  const constraints = (owner.typeParameters ?? [])
    .filter(({ name }) => named.includes(name.text))
    .flatMap(({ constraint }) => constraint ?? [])
  const types = [...(node.type === undefined ? [] : [node.type]), ...constraints]
  return {
    name: (node.name as ts.Identifier).text,
    isOptional: [node.questionToken, node.initializer, node.dotDotDotToken].some(Boolean),
    isNumber: types.some((type) => namesIn(type).includes('GmlNumber')),
    isPlain: types.some((type) => has(type, ({ kind }) => plainKinds.has(kind))),
  }
}

function namesIn(type: ts.Node): string[] {
  const names: string[] = []
  has(type, (node) => {
    if (ts.isIdentifier(node)) names.push(node.text)
    return false
  })
  return names
}

function has(node: ts.Node, is: (node: ts.Node) => boolean): boolean {
  return is(node) || (node.forEachChild((child) => has(child, is) || undefined) ?? false)
}
