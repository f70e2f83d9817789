//! The tree of RFC 6962, against its published answers, and every proof of every small tree.
use audit::{
    Sum,
    merkle::{Tree, leaf, proof, proves},
};

/// The leaves of the reference implementation's tests and the roots it gives for the first n of them.
const LEAVES: [&str; 8] = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn roots_are_those_of_certificate_transparency() {
    let mut tree = Tree::default();
    assert_eq!(tree.root().to_string(), ROOTS[0]);
    for (data, root) in LEAVES.iter().zip(&ROOTS[1..]) {
        tree.push(&hex::decode(data).unwrap());
        assert_eq!(tree.root().to_string(), *root);
    }
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_no_other() {
    for size in 1..40u64 {
        let leaves: Vec<Sum> = (0..size).map(|n| leaf(&n.to_be_bytes())).collect();
        let mut tree = Tree::default();
        (0..size).for_each(|n| tree.push(&n.to_be_bytes()));
        for at in 0..size {
            let beside = proof(&leaves, at as usize).unwrap();
            assert!(proves(tree.root(), leaves[at as usize], at, size, &beside), "{at} of {size}");
            for other in (0..size).filter(|o| *o != at) {
                assert!(!proves(tree.root(), leaves[other as usize], at, size, &beside), "{other} as {at} of {size}");
            }
            let mut more = beside.clone();
            more.push(leaves[0]);
            assert!(!proves(tree.root(), leaves[at as usize], at, size, &more));
            assert!(!proves(tree.root(), leaves[at as usize], size, size, &beside));
        }
        assert!(proof(&leaves, size as usize).is_none());
    }
}
