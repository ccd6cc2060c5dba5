/**
 * A matrix as a picture: an image in a data URI. A drawing of one rectangle a cell takes seconds for 512 × 512 cells, a picture does not.
 *
 * @module
 */

/**
 * A Windows bitmap of 8 bits a pixel with a palette of 256 colours, each cell a square of pixels (bitmaps are smoothed where they are enlarged).
 * @param {Float32Array|number[]} cells row-major, first row at the top; NaN and values beyond the ends take the nearest end's colour
 * @param {number} size rows and columns
 * @param {number} low value of the first colour @param {number} high value of the last
 * @param {string[]} ramp colours as `#rrggbb`, at equal distances
 * @returns {string} data URI
 */
export function bitmap(cells, size, low, high, ramp) {
  const factor = Math.max(1, Math.floor(1024 / size));
  const side = size * factor;
  const stride = Math.ceil(side / 4) * 4;
  const start = 14 + 40 + 1024;
  const bytes = new Uint8Array(start + stride * side);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, side, true);
  view.setInt32(22, side, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  view.setUint32(34, stride * side, true);
  view.setUint32(46, 256, true);
  for (let i = 0; i < 256; i += 1) bytes.set(mixed(ramp, i / 255).reverse(), 54 + 4 * i);
  const scale = 255 / (high - low);
  for (let row = 0; row < size; row += 1) {
    const first = start + (side - 1 - row * factor) * stride;
    for (let column = 0; column < size; column += 1) {
      const index = Math.max(0, Math.min(255, Math.round((cells[row * size + column] - low) * scale)));
      bytes.fill(index, first + column * factor, first + (column + 1) * factor);
    }
    for (let k = 1; k < factor; k += 1) bytes.copyWithin(first - k * stride, first, first + stride);
  }
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return `data:image/bmp;base64,${btoa(binary)}`;
}

/** Colour between those of a ramp, as [red, green, blue]. @param {string[]} ramp @param {number} at from 0 to 1 */
function mixed(ramp, at) {
  const place = at * (ramp.length - 1);
  const from = Math.min(ramp.length - 2, Math.floor(place));
  const [a, b] = [ramp[from], ramp[from + 1]].map((colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)));
  return a.map((v, i) => Math.round(v + (b[i] - v) * (place - from)));
}
