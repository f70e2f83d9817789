//! Citizens' local accounts: in the demo only.
use directory::Realm;

use crate::{
    hostile::{Hostile, save},
    town::serve,
};

testkit::both! {
    async fn in_the_demo_a_citizen_opens_an_account_and_comes_again(place: testkit::Place) {
        let served = serve(place, true).await;
        let browser = served.browser();
        let form = browser.get("/dang-ky?next=/tai-khoan").await.must(200);
        let fields = [("ho-ten", "Thạch Thị Sà Rươl"), ("ten", "Sa.Ruol"), ("mat-khau", "đò chiều rạch Tàu"), ("next", "/tai-khoan")];
        let wrong = [("so-dinh-danh", "123"), ("email", "khong-phai")];
        let all: Vec<_> = fields.iter().chain(&wrong).copied().collect();
        let faulty = browser.post(&form, "/dang-ky", &all).await.must(422);
        assert!(faulty.text.contains("Thạch Thị Sà Rươl") && faulty.text.contains("Còn 2 chỗ cần sửa"), "everything typed is kept");
        let page = browser.post(&faulty, "/dang-ky", &fields).await.must(200);
        assert_eq!(page.path, "/tai-khoan");
        assert!(page.text.contains("sa.ruol"));
        browser.post(&page, "/dang-xuat", &[]).await;
        let form = browser.get("/dang-nhap?next=/tai-khoan").await.must(200);
        let fields = [("ten", "sa.ruol"), ("mat-khau", "đò chiều rạch Tàu"), ("next", "/tai-khoan")];
        assert_eq!(browser.post(&form, "/dang-nhap", &fields).await.must(200).path, "/tai-khoan");
        assert!(browser.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"), "a citizen is nobody among officers");
        let twice = served.browser();
        let form = twice.get("/dang-ky").await.must(200);
        let again = [("ho-ten", "Người Khác"), ("ten", "sa.ruol"), ("mat-khau", "một câu thật là dài"), ("next", "")];
        assert!(twice.post(&form, "/dang-ky", &again).await.must(422).text.contains("đã có người dùng"));
    }

    async fn after_a_wrong_password_the_buttons_of_providers_are_still_there(place: testkit::Place) {
        let served = serve(place, true).await;
        let provider = Hostile::start(served.clock.clone()).await;
        save(&served, provider.profile("gia", Realm::Citizen)).await;
        let browser = served.browser();
        let first = browser.get("/dang-nhap?next=/tai-khoan").await.must(200);
        let way = "/dang-nhap/qua/gia?next=%2Ftai-khoan";
        assert!(first.text.contains(way));
        let wrong = [("ten", "sa.ruol"), ("mat-khau", "sai"), ("next", "/tai-khoan")];
        let again = browser.post(&first, "/dang-nhap", &wrong).await.must(422);
        assert!(again.text.contains(way) && again.text.contains("Đăng nhập bằng nơi thử"));
    }

    async fn in_real_use_there_is_no_local_account_and_the_page_says_so(place: testkit::Place) {
        let served = serve(place, false).await;
        let browser = served.browser();
        let page = browser.get("/dang-nhap").await.must(200);
        assert!(page.text.contains("VNeID") && page.text.contains("chưa được nối") && !page.text.contains("name=\"mat-khau\""));
        browser.get("/dang-ky").await.must(404);
        browser.post(&page, "/dang-ky", &[("ten", "a")]).await;
        assert_ne!(browser.get("/tai-khoan").await.path, "/tai-khoan");
    }
}
