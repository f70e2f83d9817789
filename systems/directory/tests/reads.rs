//! Whoever reads personal data is recorded, and the owner can see it.
use directory::{About, Act, ActSpec, Columns, Grant, Reach, Role, Standing, Thing, allow, read_recorded, who_looked_at_owner};
use store::{Read, Write};
use uuid::Uuid;

use crate::town::{Town, minutes, noon};

struct Dossier {
    owner: Uuid,
}
impl Thing for Dossier {
    fn standing(&self) -> Standing<'_> {
        Standing { owner: Some(self.owner), ..Default::default() }
    }
    const COLUMNS: Columns = Columns { owner: Some("owner"), ..Columns::of("dossier", "unit_path") };
}
enum See {}
impl Act for See {
    type On = Dossier;
    const SPEC: ActSpec = ActSpec {
        name: "test.see",
        title: "Xem hồ sơ",
        grants: &[Grant::to(Role::CaseOfficer, Reach::Anywhere)],
        owner: true,
        personal: true,
        ..ActSpec::NOBODY
    };
}

testkit::both! {
    async fn the_citizen_sees_who_looked_what_for_and_when(place: testkit::Place) {
        let town = Town::on(place).await;
        let officer = town.officer("an", town.justice, Role::CaseOfficer).await;
        let (owner, dossier) = (Uuid::from_bytes([1; 16]), Uuid::from_bytes([2; 16]));
        let about = About { kind: "dossier", id: dossier };
        let cx = town.cx(officer, noon()).await;
        town.db
            .write(async move |tx: &Write<'_>| {
                let seen = allow::<See>(&cx.who, Dossier { owner })?;
                read_recorded(tx, &cx, &seen, about, "Thụ lý hồ sơ").await
            })
            .await
            .unwrap();
        let own = directory::Cx {
            by: store::By::new(owner, None, noon()),
            who: directory::Actor::citizen(owner, "Nguyễn Văn Mẫu", noon()),
            lang: base::Lang::Vi,
        };
        town.db
            .write(async move |tx: &Write<'_>| {
                let seen = allow::<See>(&own.who, Dossier { owner })?;
                read_recorded(tx, &own, &seen, about, "").await
            })
            .await
            .unwrap();
        let looks = town.db.read(async move |tx: &Read<'_>| who_looked_at_owner(tx, owner, minutes(1), 10).await).await.unwrap();
        assert_eq!(looks.len(), 1, "a citizen who reads what is theirs leaves no line");
        let look = &looks[0];
        assert_eq!((look.name.as_deref(), look.unit.as_deref()), (Some("Đỗ Văn Thao Tác"), Some("Sở Tư pháp")));
        assert_eq!((look.act.as_str(), look.purpose.as_str(), look.thing, look.at), ("test.see", "Thụ lý hồ sơ", dossier, noon()));
    }
}
