'use strict';
// An OpenAPI 3.1 document judged by its own JSON Schema, and answers judged by the document.

const Ajv = require('ajv/dist/2020');
const formats = require('ajv-formats');

// What is wrong with the document; [] is good. The validator is an ES module.
async function validOpenapi(document) {
  const { Validator } = await import('@seriousme/openapi-schema-validator');
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  if (result.valid && validator.version !== '3.1') return [`a document of OpenAPI ${validator.version}`];
  return result.valid ? [] : [result.errors].flat();
}

// fits(place, value) → complaints, where `place` is the path of a schema in the document.
function schemas(document) {
  const ajv = new Ajv({ allErrors: true, strict: false });
  formats(ajv);
  ajv.addSchema({ $id: 'https://hoalu.invalid/openapi.json', ...document });
  const pointer = (place) => place.map((p) => encodeURIComponent(p.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  return (place, value) => {
    const check = ajv.compile({ $ref: `https://hoalu.invalid/openapi.json#/${pointer(place)}` });
    return check(value) ? [] : check.errors.slice(0, 5).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  };
}

module.exports = { validOpenapi, schemas };
