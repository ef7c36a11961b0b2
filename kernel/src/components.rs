//! Connected components of links between documents.

/// Nodes (ascending) and for each the smallest node it is connected with.
pub fn components(a: &[u64], b: &[u64]) -> (Vec<u64>, Vec<u64>) {
    let mut nodes: Vec<u64> = a.iter().chain(b).copied().collect();
    nodes.sort_unstable();
    nodes.dedup();
    let place = |node: &u64| nodes.binary_search(node).unwrap_or(0);
    let mut parent: Vec<usize> = (0..nodes.len()).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        loop {
            let up = parent.get(at).copied().unwrap_or(at);
            if up == at {
                return at;
            }
            let next = parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = parent.get_mut(at) {
                *slot = next;
            }
            at = next;
        }
    }
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (root(&mut parent, place(x)), root(&mut parent, place(y)));
        // The smaller place is the smaller node, so a root is always the smallest of its component.
        if let Some(slot) = parent.get_mut(x.max(y)) {
            *slot = x.min(y);
        }
    }
    let roots = (0..nodes.len()).map(|at| nodes.get(root(&mut parent, at)).copied().unwrap_or(0)).collect();
    (nodes, roots)
}
