// A hint that a photograph may be blurred: the variance of its Laplacian, on a small grey copy. Only a hint: nothing is refused.

const SIDE = 640;
const SHARP = 60;

/** Whether a picture looks blurred; false when that cannot be told. */
export async function looksBlurred(file: File): Promise<boolean> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || typeof createImageBitmap !== "function") return false;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const width = Math.max(3, Math.round(picture.width * scale));
    const height = Math.max(3, Math.round(picture.height * scale));
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return false;
    context.drawImage(picture, 0, 0, width, height);
    picture.close();
    return variance(context.getImageData(0, 0, width, height).data, width, height) < SHARP;
  } catch {
    return false;
  }
}

/** The variance of the Laplacian over grey values. */
export function variance(data: Uint8ClampedArray, width: number, height: number): number {
  const grey = new Float32Array(width * height);
  for (let n = 0; n < grey.length; n++) grey[n] = 0.299 * data[4 * n]! + 0.587 * data[4 * n + 1]! + 0.114 * data[4 * n + 2]!;
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const edge = grey[at - 1]! + grey[at + 1]! + grey[at - width]! + grey[at + width]! - 4 * grey[at]!;
      sum += edge;
      squares += edge * edge;
      count++;
    }
  }
  const mean = sum / count;
  return squares / count - mean * mean;
}
