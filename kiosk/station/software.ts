/** Program and version, as records, trails and heads name them. */
import packageJson from '../../package.json' with { type: 'json' };

export const SOFTWARE = `countersign ${packageJson.version}`;
