import js from '@eslint/js';
import rxjsX from 'eslint-plugin-rxjs-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const nodeGlobals = { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly' };

const noBarrels = [
  {
    selector: 'ExportAllDeclaration[source.value=/^\\./]',
    message: 'no barrels: import from the file that defines it',
  },
  {
    selector: 'ExportNamedDeclaration[source.value=/^\\./]',
    message: 'no barrels: import from the file that defines it',
  },
];

/** What a producer sent must never reach the page as markup. */
const noMarkupFromText = [
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment)$/]',
    message: 'markup from text is an injection: make elements, or set textContent',
  },
  {
    selector: 'MemberExpression[property.value=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
    message: 'markup from text is an injection: make elements, or set textContent',
  },
  {
    selector: 'MemberExpression[object.name="document"][property.name=/^(write|writeln)$/]',
    message: 'document.write is an injection: make elements, or set textContent',
  },
  {
    selector: 'JSXAttribute[name.name=/^(dangerouslySetInnerHTML|srcdoc|srcDoc)$/]',
    message: 'markup from text is an injection: make elements, or set textContent',
  },
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'data/', '.tmp/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    rules: {
      'max-lines': ['error', { max: 250 }],
      complexity: ['error', 10],
      // `== null` asks for null and undefined at once.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...noBarrels],
    },
  },
  { files: ['**/*.js'], languageOptions: { globals: nodeGlobals } },
  {
    files: ['examples/*.mjs'],
    languageOptions: { globals: { ...nodeGlobals, performance: 'readonly', TextDecoder: 'readonly' } },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { ...nodeGlobals, module: 'writable', require: 'readonly' } },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'rxjs-x': rxjsX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => socket.end()` as a callback says as much as braces would.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'uWebSockets.js',
              allowImportNames: ['default'],
              allowTypeImports: true,
              message: 'its named exports type-check and are missing at run time: `import uWS from`',
            },
          ],
          patterns: [{ regex: '/index(\\.[jt]sx?)?$', message: 'no barrels: import from the file that defines it' }],
        },
      ],
      // `$` is for streams, not for what returns one: `open()` of a source, a sink.
      'rxjs-x/finnish': [
        'error',
        { functions: false, methods: false, objects: false, strict: true, names: { '[sS]inks?$': false } },
      ],
      'rxjs-x/no-async-subscribe': 'error',
      'rxjs-x/no-exposed-subjects': 'error',
      'rxjs-x/no-floating-observables': 'error',
      'rxjs-x/no-ignored-error': 'error',
      'rxjs-x/no-nested-subscribe': 'error',
      'rxjs-x/no-sharereplay': ['error', { allowConfig: false }],
      'rxjs-x/no-unsafe-takeuntil': 'error',
    },
  },
  {
    // What drives a browser is compiled with the types of a page, so that the rest of the tests cannot use them by mistake.
    files: [
      'test/screens/**/*.ts',
      'test/support/chromium*.ts',
      'test/support/web-page.ts',
      'test/support/page-*.ts',
      'test/support/barriers.ts',
    ],
    languageOptions: { parserOptions: { projectService: false, project: 'test/e2e/tsconfig.json' } },
  },
  {
    files: ['{src,demo}/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }] },
  },
  // One endpoint's behaviours read better in one file.
  { files: ['test/**/*.ts'], rules: { 'max-lines': ['error', { max: 400 }] } },
  { files: ['src/**/*.ts'], ignores: ['src/cli/**', 'src/main.ts'], rules: { 'no-console': 'error' } },
  {
    files: ['web/**/*.{ts,tsx}'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...noBarrels, ...noMarkupFromText],
    },
  },
  {
    // A describe block is one long function, and fakes keep the asynchronous shape of the port they stand for.
    files: ['test/**/*.ts'],
    rules: {
      'no-console': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      'rxjs-x/no-ignored-error': 'off',
    },
  },
);
