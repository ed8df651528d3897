fn main() {
    let a: Vec<u64> = std::env::args().skip(2).map(|x| x.parse().unwrap()).collect();
    let p = clarte_range::Plan { people: a[0] as u32, days: a[1] as u32, seed: a[2] };
    let t = std::time::Instant::now();
    let m =
        clarte_range::make(&p, std::env::args().nth(1).unwrap().as_ref(), &mut |_, _| {}).unwrap();
    println!("{m:?} {:?}", t.elapsed());
}
