'use strict';
// script/picture: one page as a reader has it before him, as a PNG of 256 colours, which is a third of the browser's own.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const zlib = require('node:zlib');
const { Hall } = require('./browser.js');

// The pixels of a PNG, by the browser that made it: 0xRRGGBB each.
async function pixels(page, png) {
  const rgba = Buffer.from(await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (ch) => ch.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const data = context.getImageData(0, 0, image.width, image.height).data;
    let text = '';
    for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
    return btoa(text);
  }, png.toString('base64')), 'base64');
  return Uint32Array.from({ length: rgba.length / 4 }, (_, i) => rgba.readUIntBE(4 * i, 3));
}

const distance = (a, b) => Math.abs((a >> 16) - (b >> 16)) + Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)) + Math.abs((a & 255) - (b & 255));

const spread = (c) => Math.max(c >> 16, (c >> 8) & 255, c & 255) - Math.min(c >> 16, (c >> 8) & 255, c & 255);

// The 256 colours there is most of, true colours before greys, of which there is always one near; every other becomes the
// nearest of them. → the colours, and the place of each
function palette(all) {
  const counts = new Map();
  for (const colour of all) counts.set(colour, (counts.get(colour) || 0) + 1);
  const weight = ([colour, n]) => n * (1 + spread(colour));
  const kept = [...counts].sort((a, b) => weight(b) - weight(a) || a[0] - b[0]).slice(0, 256).map(([colour]) => colour);
  const places = new Map();
  for (const colour of counts.keys())
    places.set(colour, kept.reduce((best, other, i) => (distance(colour, other) < distance(colour, kept[best]) ? i : best), 0));
  return { kept, places };
}

function chunk(type, data) {
  const all = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
  let crc = ~0;
  for (const byte of all.subarray(4, 8 + data.length)) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  all.writeUInt32BE(data.length, 0);
  all.writeUInt32BE(~crc >>> 0, 8 + data.length);
  return all;
}

function indexed(all, width) {
  const { kept, places } = palette(all), height = all.length / width;
  const head = Buffer.alloc(13), colours = Buffer.alloc(3 * kept.length), rows = Buffer.alloc((width + 1) * height);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8); // eight bits each, by palette
  kept.forEach((colour, i) => colours.writeUIntBE(colour, 3 * i, 3));
  all.forEach((colour, i) => (rows[i + 1 + Math.floor(i / width)] = places.get(colour)));
  const body = zlib.deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))]);
}

async function main(file) {
  const hall = new Hall();
  await hall.open();
  try {
    await hall.visit({}, async (page) => {
      // A part of the plan where the margin has something to say.
      await page.goto('/plans/06-nq-tu#III.3');
      await page.evaluate(() => document.fonts.ready);
      const all = await pixels(page, await page.screenshot());
      assert.equal(all.length, 1366 * 768);
      fs.writeFileSync(file, indexed(all, 1366));
    });
  } finally {
    await hall.close();
  }
}

main(process.argv[2]).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
