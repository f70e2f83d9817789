//! Browsers somebody signed in from.
use base::Moment;
use store::{Error, FromRow, Read, Row, Write, sql};
use uuid::Uuid;

/// A browser somebody signed in from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Whose.
    pub subject: Uuid,
    /// Name of the person.
    pub name: String,
    /// Hash of the browser's secret.
    pub secret: Vec<u8>,
    /// Until when a PIN is enough here.
    pub proved_until: Moment,
    /// Wrong PINs since the last right one.
    pub pin_failures: i64,
    /// Has a PIN.
    pub has_pin: bool,
}

impl FromRow for Device {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Device {
            subject: row.get(0)?,
            name: row.get(1)?,
            secret: row.get(2)?,
            proved_until: row.get(3)?,
            pin_failures: row.get(4)?,
            has_pin: row.get::<Option<String>>(5)?.is_some(),
        })
    }
}

/// Officers who signed in from this browser, by name.
pub async fn on_device(tx: &Read<'_>, device: Uuid, now: Moment) -> Result<Vec<Device>, Error> {
    tx.all(
        sql!(
            "SELECT d.subject, p.name, d.secret, d.proved_until, d.pin_failures, c.pin
             FROM device d
             JOIN person p ON p.id = d.subject AND (p.valid_to IS NULL OR p.valid_to > $2)
             LEFT JOIN credential c ON c.subject = d.subject
             WHERE d.id = $1 ORDER BY p.sort_key"
        ),
        &[&device, &now],
    )
    .await
}

/// The hash of the secret of this person's browser.
pub async fn device_secret(tx: &Read<'_>, device: Uuid, subject: Uuid) -> Result<Option<Vec<u8>>, Error> {
    tx.opt(sql!("SELECT secret FROM device WHERE id = $1 AND subject = $2"), &[&device, &subject]).await
}

/// Remembers the browser for this person.
pub async fn keep_device(
    tx: &Write<'_>,
    device: Uuid,
    subject: Uuid,
    secret: &[u8],
    now: Moment,
    proved_until: Moment,
) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO device (id, subject, secret, first_at, last_at, proved_until, pin_failures) VALUES ($1, $2, $3, $4, $4, $5, 0)
             ON CONFLICT (id, subject) DO UPDATE SET secret = $3, last_at = $4, proved_until = $5, pin_failures = 0"
        ),
        &[&device, &subject, &secret.to_vec(), &now, &proved_until],
    )
    .await
    .map(drop)
}

/// Charges a try of the PIN, while the browser counts as proved and fewer than `most` were charged; otherwise false, and nothing is charged.
/// One statement asks and charges, so that tries at once take turns.
pub async fn charge_pin(tx: &Write<'_>, device: Uuid, subject: Uuid, now: Moment, most: i64) -> Result<bool, Error> {
    let charged = tx
        .run(
            sql!(
                "UPDATE device SET pin_failures = pin_failures + 1
                 WHERE id = $1 AND subject = $2 AND proved_until > $3 AND pin_failures < $4"
            ),
            &[&device, &subject, &now, &most],
        )
        .await?;
    Ok(charged == 1)
}

/// A right PIN: the count starts again.
pub async fn clear_pin(tx: &Write<'_>, device: Uuid, subject: Uuid, now: Moment) -> Result<(), Error> {
    tx.run(sql!("UPDATE device SET pin_failures = 0, last_at = $3 WHERE id = $1 AND subject = $2"), &[&device, &subject, &now])
        .await
        .map(drop)
}

/// Keeps where somebody was when they locked this browser.
pub async fn set_back_to(tx: &Write<'_>, device: Uuid, subject: Uuid, back_to: &str) -> Result<(), Error> {
    tx.run(sql!("UPDATE device SET back_to = $3 WHERE id = $1 AND subject = $2"), &[&device, &subject, &back_to]).await.map(drop)
}

/// Where somebody was when they locked this browser.
pub async fn back_to(tx: &Read<'_>, device: Uuid, subject: Uuid) -> Result<Option<String>, Error> {
    let found: Option<Option<String>> =
        tx.opt(sql!("SELECT back_to FROM device WHERE id = $1 AND subject = $2"), &[&device, &subject]).await?;
    Ok(found.flatten())
}

/// Browsers no longer count as proved: on this one only, or everywhere.
pub async fn unprove(tx: &Write<'_>, subject: Uuid, device: Option<Uuid>, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!("UPDATE device SET proved_until = $3 WHERE subject = $1 AND (CAST($2 AS uuid) IS NULL OR id = $2) AND proved_until > $3"),
        &[&subject, &device, &now],
    )
    .await
    .map(drop)
}
