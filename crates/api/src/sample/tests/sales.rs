use crate::sample::{
    SampleOptions,
    sales::{Sale, courses, plans, products, sales},
};
use fanbase_domain::time::Timestamp;
use fanbase_domain::wire::catalogue::NewItem;
use fanbase_domain::wire::enrollments::NewEnrollment;
use fanbase_domain::wire::purchases::{NewPurchase, NewRefund};
use fanbase_domain::wire::subscriptions::NewSubscription;
use std::collections::BTreeSet;

/// 1 November 2026, in seconds since 1970.
const UNTIL: i64 = 1_793_491_200;

fn all() -> Vec<Sale> {
    sales(&SampleOptions { rows: 5_000, ..SampleOptions::default() }, UNTIL).collect()
}

#[test]
fn same_options_give_the_same_sales() {
    assert_eq!(format!("{:?}", all()), format!("{:?}", all()));
}

#[test]
fn a_platform_could_report_every_sale() {
    let (mut names, mut items, mut times) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut kinds = [0; 4];
    for sale in all() {
        match sale {
            Sale::Enrollment(request) => {
                let new = NewEnrollment::try_from(request).unwrap();
                kinds[0] += 1;
                assert!(names.insert(new.reference));
                items.insert(new.course.reference);
                times.extend([new.enrolled_at, new.progress.accessed_at, new.progress.as_of]);
            }
            Sale::Purchase(request) => {
                let new = NewPurchase::try_from(request).unwrap();
                kinds[1] += 1;
                assert!(names.insert(new.reference));
                items.insert(new.item.unwrap().1.reference);
                times.extend([new.purchased_at, new.payment.unwrap().paid_at]);
            }
            Sale::Refund(request) => {
                let new = NewRefund::try_from(request).unwrap();
                kinds[2] += 1;
                assert!(names.insert(new.reference) && names.contains(&new.payment));
                times.push(new.refunded_at);
            }
            Sale::Subscription(request) => {
                let new = NewSubscription::try_from(request).unwrap();
                kinds[3] += 1;
                items.insert(new.plan.unwrap().reference);
                times.extend([new.started_at, new.ended_at, new.as_of]);
                times.extend(new.payment.map(|payment| payment.paid_at));
            }
        }
    }
    assert!(kinds.iter().all(|count| *count >= 5), "{kinds:?}");
    let until = Timestamp::from_millis(UNTIL * 1_000);
    assert_eq!(times.into_iter().flatten().filter(|at| *at > until).count(), 0, "nobody knows the future");
    let sold = courses().chain(products()).map(|item| NewItem::try_from(item).unwrap());
    let sold = sold.chain(plans().map(|plan| NewItem::try_from(plan).unwrap()));
    let sold: BTreeSet<String> = sold.map(|item| item.reference).collect();
    assert!(items.is_subset(&sold), "{items:?}");
}
