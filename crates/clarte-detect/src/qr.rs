//! QR codes in the pictures that a mail brings along (ISO/IEC 18004).
//!
//! Pictures are hostile: their sizes are read before anything is decoded, and
//! the search is given a picture only if it holds as many corner marks as two
//! codes have, since its time grows with their third power. The decoders and
//! the search hold assertions that a made picture might break, which no limit
//! excludes; a picture that does counts as one without a code.
//!
//! Left out: codes drawn with letters or with tables, pictures inside documents,
//! formats that mail programs seldom show.

use std::io::Cursor;

use clarte_model::Mail;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};

/// Pictures of one mail that are looked at.
const PICTURES_CAP: usize = 10;

/// The longest side of a picture that is decoded.
const SIDE_CAP: u32 = 4096;

/// Bytes that decoding one picture may take.
const BYTES_CAP: u64 = 64 << 20;

/// Pixels decoded of one mail.
const PIXELS_CAP: u64 = 40 << 20;

/// The longest side of a picture that is searched; larger ones are shrunk.
const SEARCHED: u32 = 1200;

/// Sides of the smallest code.
const SMALLEST: u32 = 21;

/// Corner marks of a picture that is searched: those of one code or two. The
/// search took 2.4 s on made pictures with twelve.
const MARKS: std::ops::RangeInclusive<usize> = 3..=6;

/// What the codes in the mail's pictures say.
pub(crate) fn texts(mail: &Mail) -> Vec<String> {
    let formats = mail.attachments.iter().filter_map(|file| {
        let format = image::guess_format(&file.bytes).ok()?;
        let read = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif].contains(&format);
        read.then_some((file.bytes.as_slice(), format))
    });
    let mut pixels = PIXELS_CAP;
    let mut texts = Vec::new();
    for (bytes, format) in formats.take(PICTURES_CAP) {
        let looked = std::panic::catch_unwind(|| look(bytes, format, pixels)).ok().flatten();
        if let Some((found, decoded)) = looked {
            texts.extend(found);
            pixels -= decoded.min(pixels);
        }
    }
    texts
}

/// What the codes in a picture say, and how many pixels were decoded for it.
fn look(bytes: &[u8], format: ImageFormat, pixels: u64) -> Option<(Vec<String>, u64)> {
    let size = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().ok()?;
    let area = u64::from(size.0) * u64::from(size.1);
    if size.0.min(size.1) < SMALLEST || size.0.max(size.1) > SIDE_CAP || area > pixels {
        return None;
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_CAP);
    limits.max_image_height = Some(SIDE_CAP);
    limits.max_alloc = Some(BYTES_CAP);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut picture = reader.decode().ok()?;
    if size.0.max(size.1) > SEARCHED {
        picture = picture.thumbnail(SEARCHED, SEARCHED);
    }
    let mut grey = grey(&picture);
    let mut texts = read(&Bitmap::of(&grey));
    if texts.is_empty() {
        // Light on dark.
        grey.pixels.iter_mut().for_each(|value| *value = 255 - *value);
        texts = read(&Bitmap::of(&grey));
    }
    Some((texts, area))
}

fn read(bitmap: &Bitmap) -> Vec<String> {
    if !MARKS.contains(&bitmap.corner_marks()) {
        return Vec::new();
    }
    let mut prepared =
        rqrr::PreparedImage::prepare_from_bitmap(bitmap.width, bitmap.height, |x, y| {
            bitmap.dark[y * bitmap.width + x]
        });
    let grids = prepared.detect_grids();
    grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// How bright the picture is on white paper.
fn grey(picture: &DynamicImage) -> Grey {
    let picture = picture.to_luma_alpha8();
    let on_white = |pixel: &image::LumaA<u8>| {
        let [light, alpha] = pixel.0.map(u32::from);
        ((light * alpha + 255 * (255 - alpha)) / 255) as u8
    };
    Grey {
        width: picture.width() as usize,
        height: picture.height() as usize,
        pixels: picture.pixels().map(on_white).collect(),
    }
}

/// A picture in black and white.
struct Bitmap {
    width: usize,
    height: usize,
    dark: Vec<bool>,
}

impl Bitmap {
    /// What is darker than what is around it in its row (Wellner's adaptive
    /// threshold, run in both directions).
    fn of(grey: &Grey) -> Self {
        let Grey { width, height, .. } = *grey;
        let near = (width / 8).max(1);
        let mut dark = Vec::with_capacity(width * height);
        let (mut forth, mut back) = (0, 0);
        let mut around = vec![0; width];
        for row in grey.pixels.chunks_exact(width.max(1)) {
            around.fill(0);
            for x in 0..width {
                let other = width - 1 - x;
                forth = forth * (near - 1) / near + usize::from(row[x]);
                back = back * (near - 1) / near + usize::from(row[other]);
                around[x] += forth;
                around[other] += back;
            }
            let is_dark =
                |(value, around): (&u8, &usize)| usize::from(*value) < around * 95 / (200 * near);
            dark.extend(row.iter().zip(&around).map(is_dark));
        }
        Self { width, height, dark }
    }

    /// How many corner marks it holds: a dark ring around a dark stone, 1:1:3:1:1
    /// in a row. As many as the search finds, or more.
    fn corner_marks(&self) -> usize {
        let areas = Areas::of(self);
        let mut rings = Vec::new();
        for y in 0..self.height {
            let runs = self.runs(y);
            for five in runs.windows(5).filter(|five| five[0].dark && is_mark(five)) {
                let place = |run: &Run| y * self.width + run.start;
                let [ring, stone] = [4, 2].map(|number| areas.of_place(place(&five[number])));
                let share = areas.size(stone) * 100 / areas.size(ring).max(1);
                let is_ring = areas.of_place(place(&five[0])) == ring && ring != stone;
                if is_ring && (11..70).contains(&share) && !rings.contains(&ring) {
                    rings.push(ring);
                    if rings.len() > *MARKS.end() {
                        return rings.len();
                    }
                }
            }
        }
        rings.len()
    }

    fn runs(&self, y: usize) -> Vec<Run> {
        let row = &self.dark[y * self.width..(y + 1) * self.width];
        let mut runs: Vec<Run> = Vec::new();
        for (x, dark) in row.iter().enumerate() {
            match runs.last_mut() {
                Some(run) if run.dark == *dark => run.length += 1,
                _ => runs.push(Run { start: x, length: 1, dark: *dark }),
            }
        }
        runs
    }
}

/// Neighbours in a row that are alike.
struct Run {
    start: usize,
    length: usize,
    dark: bool,
}

fn is_mark(five: &[Run]) -> bool {
    let lengths: Vec<_> = five.iter().map(|run| run.length).collect();
    let unit = (lengths[0] + lengths[1] + lengths[3] + lengths[4]) / 4;
    let slack = unit * 3 / 4;
    let fits = |(length, share): (&usize, usize)| length.abs_diff(share * unit) <= slack;
    lengths.iter().zip([1, 1, 3, 1, 1]).all(fits)
}

/// Dark areas: places that touch one another at a side are of one.
struct Areas {
    /// For each place another of its area, or itself if it is the first.
    first: Vec<u32>,
    sizes: Vec<u32>,
}

impl Areas {
    fn of(bitmap: &Bitmap) -> Self {
        let places = bitmap.dark.len();
        let mut areas = Self { first: (0..places as u32).collect(), sizes: vec![0; places] };
        for place in (0..places).filter(|place| bitmap.dark[*place]) {
            if place % bitmap.width > 0 && bitmap.dark[place - 1] {
                areas.join(place, place - 1);
            }
            if place >= bitmap.width && bitmap.dark[place - bitmap.width] {
                areas.join(place, place - bitmap.width);
            }
        }
        for place in 0..places {
            let first = areas.of_place(place);
            areas.first[place] = first as u32;
            areas.sizes[first] += 1;
        }
        areas
    }

    fn of_place(&self, mut place: usize) -> usize {
        while self.first[place] as usize != place {
            place = self.first[place] as usize;
        }
        place
    }

    /// The same; makes the way shorter for those that come.
    fn shorten(&mut self, mut place: usize) -> usize {
        while self.first[place] as usize != place {
            self.first[place] = self.first[self.first[place] as usize];
            place = self.first[place] as usize;
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.shorten(one), self.shorten(other));
        self.first[one.max(other)] = one.min(other) as u32;
    }

    fn size(&self, first: usize) -> usize {
        self.sizes[first] as usize
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use clarte_model::mail::Attachment;
    use proptest::prelude::*;

    use super::*;

    /// A PNG of a code.
    pub(crate) fn code(text: &str, unit: u32, dark: u8, light: u8) -> Vec<u8> {
        let code = qrcode::QrCode::new(text).expect("a short text");
        let side = code.width() as u32;
        let colors = code.to_colors();
        let picture = image::GrayImage::from_fn((side + 8) * unit, (side + 8) * unit, |x, y| {
            let inside = |at: u32| (at / unit).checked_sub(4).filter(|at| *at < side);
            let is_dark = inside(x)
                .zip(inside(y))
                .is_some_and(|(x, y)| colors[(y * side + x) as usize] == qrcode::Color::Dark);
            image::Luma([if is_dark { dark } else { light }])
        });
        png(&picture)
    }

    fn png(picture: &image::GrayImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).expect("PNG is written to memory");
        bytes.into_inner()
    }

    fn found(bytes: &[u8]) -> Vec<String> {
        let attachment = Attachment { bytes: bytes.to_vec(), ..Attachment::default() };
        texts(&Mail { attachments: vec![attachment], ..Mail::default() })
    }

    #[test]
    fn codes_are_read_large_small_and_light_on_dark() {
        let text = "https://a.example/p?u=1";
        for (unit, dark, light) in
            [(1, 0, 255), (4, 0, 255), (4, 90, 180), (60, 0, 255), (4, 255, 0)]
        {
            assert_eq!(found(&code(text, unit, dark, light)), [text], "{unit} {dark} {light}");
        }
        assert!(found(&png(&image::GrayImage::new(300, 300))).is_empty());
        assert!(found(&png(&image::GrayImage::new(5000, 30))).is_empty());
    }

    #[test]
    fn a_picture_full_of_corner_marks_is_not_searched() {
        let mark =
            [0b111_1111, 0b100_0001, 0b101_1101, 0b101_1101, 0b101_1101, 0b100_0001, 0b111_1111];
        let picture = image::GrayImage::from_fn(1200, 1200, |x, y| {
            let (x, y) = (x % 8, y % 8);
            let dark = x < 7 && y < 7 && mark[y as usize] >> x & 1 == 1;
            image::Luma([if dark { 0 } else { 255 }])
        });
        let started = std::time::Instant::now();
        assert!(found(&png(&picture)).is_empty());
        assert!(started.elapsed().as_secs() < 10);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_makes_the_look_at_a_picture_panic(
            unit in 1..5_u32,
            changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..60),
            damage in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..3),
        ) {
            let bytes = code("https://a.example/", unit, 0, 255);
            let mut picture = image::load_from_memory(&bytes).expect("a PNG").to_luma8();
            let length = picture.as_raw().len();
            changes.iter().for_each(|(at, value)| {
                picture.as_mut()[at % length..].iter_mut().take(9).for_each(|to| *to = *value);
            });
            let mut bytes = png(&picture);
            let length = bytes.len();
            damage.iter().for_each(|(at, value)| bytes[at % length] = *value);
            found(&bytes);
        }
    }
}
