//! How long a failed sign-in must wait. The wait belongs to an account *and* the place it is tried from (a browser that the person signed
//! in from before, or else the network), so that guessing from elsewhere never keeps the owner out.
use base::Moment;
use uuid::Uuid;

/// Tries without any wait.
pub const FREE: i64 = 4;
/// Tries without a wait for a whole network over all accounts: an office of forty people shares one address.
pub const FREE_NETWORK: i64 = 60;
/// Longest wait.
pub const LONGEST_SECONDS: i64 = 15 * 60;
/// After this long without a failure the count starts again.
pub const FORGET_SECONDS: i64 = 60 * 60;

/// Seconds to wait after so many failures: 2, 4, 8 … up to a quarter of an hour.
pub fn seconds(failures: i64, free: i64) -> i64 {
    match failures - free {
        ..=0 => 0,
        over @ 1..=9 => (1 << over).min(LONGEST_SECONDS),
        _ => LONGEST_SECONDS,
    }
}

/// The state of one bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Failures counted.
    pub failures: i64,
    /// When the last one was.
    pub last_at: Moment,
    /// Until when further tries are not looked at.
    pub until: Moment,
}

/// Bucket of an account and a known browser.
pub fn of_device(subject: Uuid, device: Uuid) -> String {
    format!("account {subject} device {device}")
}

/// Bucket of an account and a network.
pub fn of_network(subject: Uuid, network: &str) -> String {
    format!("account {subject} network {network}")
}

/// Bucket of a network over all accounts.
pub fn of_all(network: &str) -> String {
    format!("network {network}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_ends() {
        let waits: Vec<i64> = (1..=16).map(|n| seconds(n, FREE)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    }
}
