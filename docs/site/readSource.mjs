// The reference as TypeDoc reads it from the source: one Markdown file for each exported name.
import { join } from 'node:path'
import { Application, CommentTag, Converter, ReflectionKind } from 'typedoc'
import ts from 'typescript'

/** Where TypeDoc writes what. */
const folders = {
  [ReflectionKind.Class]: 'classes',
  [ReflectionKind.Function]: 'functions',
  [ReflectionKind.Interface]: 'interfaces',
  [ReflectionKind.TypeAlias]: 'type-aliases',
  [ReflectionKind.Variable]: 'variables',
}

/**
 * @param {{ root: string, files: string[], out: string }} options `files` of the faces, in the repository
 * @returns {Promise<{ name: string, face: string, source: string, file: string, kind: string, value?: string, text: string }[]>}
 */
export async function readSource({ root, files, out }) {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: files.map((file) => join(root, file)),
    tsconfig: join(root, 'tsconfig.json'),
    basePath: root,
    displayBasePath: root,
    logLevel: 'Warn',
    router: 'member',
    readme: 'none',
    sort: ['source-order'],
    skipErrorChecking: true,
    excludeExternals: true,
    excludePrivate: true,
    disableGit: true,
    sourceLinkTemplate: 'source:{path}#L{line}',
    validation: false,
    hidePageHeader: true,
    hidePageTitle: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    expandParameters: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    propertyMembersFormat: 'table',
  })
  keepDeclaredTypes(app.converter)
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) =>
    addDefaults(context, reflection),
  )
  const project = await app.convert()
  if (project === undefined) throw new Error('TypeDoc could not read the source')
  await app.outputs.writeOutput({ name: 'markdown', path: out }, project)
  return project.children.flatMap((module) =>
    module.children.map((reflection) => {
      const comment = reflection.comment ?? reflection.signatures?.[0]?.comment
      return {
        name: reflection.name,
        face: module.name,
        source: reflection.sources?.[0]?.fileName ?? '',
        file: `${module.name}/${folders[reflection.kind]}/${reflection.name}.md`,
        kind: ReflectionKind.singularString(reflection.kind),
        value: reflection.type?.type === 'literal' ? String(reflection.type.value) : undefined,
        text: (comment?.summary ?? []).map(({ text }) => text).join(''),
      }
    }),
  )
}

/** Types as they are written: the compiler takes a name that stands for numbers apart. */
function keepDeclaredTypes(converter) {
  converter.on(Converter.EVENT_CREATE_SIGNATURE, (context, signature, declaration) => {
    if (declaration?.type === undefined) return
    const scope = context.withScope(signature)
    signature.type = converter.convertType(scope, declaration.type)
    for (const [index, parameter] of (signature.parameters ?? []).entries()) {
      const node = declaration.parameters[index]?.type
      if (node !== undefined) parameter.type = converter.convertType(scope, node)
    }
  })
}

/** What in its own file holds the defaults of an interface of settings. */
const defaultsOf = { NetworkConfig: 'defaultConfig', GmlSettings: 'byDefault' }

function addDefaults(context, reflection) {
  const { parent } = reflection
  const holder = parent?.kind === ReflectionKind.Interface ? defaultsOf[parent.name] : undefined
  const node = context.getSymbolFromReflection(reflection)?.declarations?.[0]
  if (holder === undefined || node === undefined || reflection.comment === undefined) return
  const value = initialValue(node.getSourceFile(), holder, reflection.name)
  if (value !== undefined)
    reflection.comment.blockTags.push(
      new CommentTag('@defaultValue', [{ kind: 'code', text: `\`${value}\`` }]),
    )
}

/** @returns {string | undefined} */
function initialValue(source, holder, name) {
  /** @type {string | undefined} */
  let value
  const visit = (node, isInside) => {
    const inside = isInside || (node.name !== undefined && node.name.text === holder)
    if (inside && ts.isPropertyAssignment(node) && node.name.text === name)
      value = node.initializer.getText(source)
    node.forEachChild((child) => visit(child, inside))
  }
  visit(source, false)
  return value
}
